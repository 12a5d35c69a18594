# read_events.py FOLDER: reads TensorBoard's event files with Google's protobuf and prints them as
# JSON. Shares no code with what wrote them: checksums are by crc32c, messages by protobuf. Fails on a
# wrong length, checksum or message.
import glob
import importlib
import json
import os
import struct
import subprocess
import sys
import tempfile

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


out = {"versions": [], "scalars": {}, "histograms": {}, "images": {}, "graph": [], "hparams": {}}
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
        if kind == "simple_value":
            out["scalars"].setdefault(value.tag, []).append([event.step, value.simple_value])
        elif kind == "histo":
            histogram = value.histo
            assert len(histogram.bucket) == len(histogram.bucket_limit)
            assert sum(histogram.bucket) == histogram.num
            assert list(histogram.bucket_limit) == sorted(histogram.bucket_limit)
            out["histograms"].setdefault(value.tag, []).append(
                [event.step, histogram.num, histogram.min, histogram.max])
        elif kind == "image":
            image = value.image.encoded_image_string
            assert image.startswith(b"\x89PNG")
            assert struct.unpack(">II", image[16:24]) == (value.image.width, value.image.height)
            out["images"][value.tag] = [value.image.width, value.image.height]
        else:
            plugin = value.metadata.plugin_data
            assert plugin.plugin_name == "hparams"
            content = proto.HParams.FromString(plugin.content)
            what = content.WhichOneof("data")
            assert value.tag == "_hparams_/" + what
            if what == "session_start_info":
                out["hparams"]["start"] = {
                    key: getattr(one, one.WhichOneof("kind"))
                    for key, one in content.session_start_info.hparams.items()}
            elif what == "session_end_info":
                out["hparams"]["status"] = content.session_end_info.status
            else:
                out["hparams"]["metrics"] = [m.name.tag for m in content.experiment.metric_infos]
                out["hparams"]["settings"] = [h.name for h in content.experiment.hparam_infos]
print(json.dumps(out))
