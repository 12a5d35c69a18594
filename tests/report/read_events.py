# read_events.py FOLDER: reads TensorBoard's event files with Google's protobuf and prints them as
# JSON. Shares no code with what wrote them: checksums are by crc32c, messages by protobuf. Fails on a
# wrong length, checksum or message. Values are sorted by the plugin that TensorBoard gives them to: by
# their metadata, or by their kind where they have none (its data_compat.py).
import glob
import importlib
import json
import os
import struct
import subprocess
import sys
import tempfile
import zlib

import crc32c

here = os.path.dirname(os.path.abspath(__file__))
with tempfile.TemporaryDirectory() as generated:
    subprocess.run(["protoc", f"--proto_path={here}", f"--python_out={generated}", "event.proto"],
                   check=True)
    sys.path.insert(0, generated)
    proto = importlib.import_module("event_pb2")


def check(data, masked):
    crc = crc32c.crc32c(data)
    assert masked == ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF, "checksum"


def records(path):
    with open(path, "rb") as file:
        while head := file.read(12):
            length, crc = struct.unpack("<QI", head)
            check(head[:8], crc)
            data = file.read(length)
            assert len(data) == length, "cut off"
            check(data, struct.unpack("<I", file.read(4))[0])
            yield data


def decoded(png):
    """The bytes of a PNG's rows; every chunk has the right checksum."""
    data, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at:at + 4])
        kind, body = png[at + 4:at + 8], png[at + 8:at + 8 + length]
        (crc,) = struct.unpack(">I", png[at + 8 + length:at + 12 + length])
        assert zlib.crc32(kind + body) == crc, kind
        data += body if kind == b"IDAT" else b""
        at += 12 + length
    assert kind == b"IEND"
    return zlib.decompress(data)


PLUGINS = {"simple_value": "scalars", "histo": "histograms", "image": "images"}
out = {"versions": [], "scalars": {}, "histograms": {}, "images": {}, "graph": [], "hparams": {},
       "plugins": {}}
(path,) = glob.glob(sys.argv[1] + "/events.out.tfevents.*")
for data in records(path):
    event = proto.Event.FromString(data)
    assert event.wall_time > 1e9
    if event.file_version:
        out["versions"].append(event.file_version)
    if event.graph_def:
        names = set()
        for node in proto.GraphDef.FromString(event.graph_def).node:
            assert all(name.split(":")[0] in names for name in node.input), node.name
            assert node.name not in names
            names.add(node.name)
            shape = [d.size for d in node.attr["_output_shapes"].list.shape[0].dim]
            out["graph"].append([node.name, node.op, list(node.input), shape])
    for value in event.summary.value:
        kind = value.WhichOneof("value")
        plugin = value.metadata.plugin_data.plugin_name or PLUGINS[kind]
        out["plugins"].setdefault(plugin, []).append(value.tag)
        if kind == "simple_value":
            out["scalars"].setdefault(value.tag, []).append([event.step, value.simple_value])
        elif kind == "histo":
            histogram = value.histo
            assert len(histogram.bucket) == len(histogram.bucket_limit)
            assert sum(histogram.bucket) == histogram.num
            assert list(histogram.bucket_limit) == sorted(histogram.bucket_limit)
            out["histograms"].setdefault(value.tag, []).append(
                [event.step, histogram.num, histogram.min, histogram.max, histogram.sum,
                 histogram.sum_squares, list(histogram.bucket_limit), list(histogram.bucket)])
        elif kind == "image":
            image = value.image.encoded_image_string
            assert image.startswith(b"\x89PNG")
            assert struct.unpack(">II", image[16:24]) == (value.image.width, value.image.height)
            assert value.image.colorspace == 3, "RGB"
            rows = decoded(image)
            assert len(rows) == value.image.height * (1 + 3 * value.image.width)
            out["images"][value.tag] = [value.image.width, value.image.height, len(set(rows))]
        else:
            assert plugin == "hparams"
            content = proto.HParams.FromString(value.metadata.plugin_data.content)
            assert content.version == 0
            what = content.WhichOneof("data")
            assert value.tag == "_hparams_/" + what
            if what == "session_start_info":
                out["hparams"]["start"] = {
                    key: getattr(one, one.WhichOneof("kind"))
                    for key, one in content.session_start_info.hparams.items()}
                out["hparams"]["begin"] = content.session_start_info.start_time_secs
            elif what == "session_end_info":
                out["hparams"]["status"] = content.session_end_info.status
                out["hparams"]["end"] = content.session_end_info.end_time_secs
            else:
                out["hparams"]["metrics"] = [m.name.tag for m in content.experiment.metric_infos]
                out["hparams"]["settings"] = {
                    h.name: h.type for h in content.experiment.hparam_infos}
print(json.dumps(out))
