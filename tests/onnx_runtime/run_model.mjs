// Runs ONNX models in ONNX Runtime and prints the outputs of each as one line of JSON.
//
//   node run_model.mjs model.onnx inputs.json > outputs.json
//   node run_model.mjs model.onnx rows.csv > outputs.json
//   node run_model.mjs a.onnx a.json b.onnx b.json ... > outputs.jsonl
//
// inputs.json: {"<input>": {"data": [...], "shape": [...], "type": "float32"}, ...}; data may be nested, `shape` and
// `type` may be left out (then: the nesting of data, the model's own type). JSON has no NaN, so "NaN", "Infinity" and
// "-Infinity" stand for themselves, in both directions. Outputs have the same form with flat data. "-" reads JSON from
// standard input. A CSV file gives one [rows, 1] tensor per column; an empty cell is NaN or the empty string.
import { readFileSync } from 'node:fs';
import ort from 'onnxruntime-node';

const arrayTypes = {
  float32: Float32Array, float64: Float64Array, int8: Int8Array, uint8: Uint8Array, int16: Int16Array,
  uint16: Uint16Array, int32: Int32Array, uint32: Uint32Array, int64: BigInt64Array, uint64: BigUint64Array,
  bool: Uint8Array,
};
const isBigInt = (type) => type === 'int64' || type === 'uint64';

function shapeOf(data) {
  return Array.isArray(data) ? [data.length, ...(data.length > 0 ? shapeOf(data[0]) : [])] : [];
}

function toTensor(name, value, modelType) {
  const given = Array.isArray(value) ? { data: value } : value;
  const type = given.type ?? modelType;
  const shape = given.shape ?? shapeOf(given.data);
  const flat = given.data.flat(Infinity);
  if (type === 'string') return new ort.Tensor('string', flat, shape);
  if (!(type in arrayTypes)) throw new Error(`input "${name}": type ${type} is not supported`);
  const data = arrayTypes[type].from(flat, isBigInt(type) ? BigInt : Number);
  return new ort.Tensor(type, data, shape);
}

function toJson(tensor) {
  const plain = (x) => (Number.isFinite(x) ? x : String(x));
  const big = (x) => (BigInt(Number(x)) === x && Number.isSafeInteger(Number(x)) ? Number(x) : String(x));
  const data = tensor.type === 'string' ? [...tensor.data] : Array.from(tensor.data, isBigInt(tensor.type) ? big : plain);
  return { type: tensor.type, shape: [...tensor.dims], data };
}

function parseCsv(text) {
  const rows = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/gy;
  while (cell.lastIndex < text.length) {
    const [, quoted, bare, end] = cell.exec(text) ?? (() => { throw new Error('malformed CSV'); })();
    rows.at(-1).push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end.endsWith('\n') && cell.lastIndex < text.length) rows.push([]);
  }
  return rows;
}

function csvInputs(text, types) {
  const [header, ...rows] = parseCsv(text);
  const inputs = {};
  header.forEach((name, i) => {
    if (!(name in types)) return;
    const number = (cell) => (cell === '' ? NaN : Number(cell));
    const data = rows.map((row) => (types[name] === 'string' ? row[i] : number(row[i])));
    inputs[name] = { data, shape: [rows.length, 1] };
  });
  return inputs;
}

async function run(modelPath, inputPath) {
  const session = await ort.InferenceSession.create(modelPath, { logSeverityLevel: 3 });
  const types = Object.fromEntries(session.inputMetadata.map((input) => [input.name, input.type]));
  const text = readFileSync(inputPath === '-' ? 0 : inputPath, 'utf8');
  const inputs = inputPath.endsWith('.csv') ? csvInputs(text, types) : JSON.parse(text);
  const feeds = {};
  for (const [name, value] of Object.entries(inputs)) feeds[name] = toTensor(name, value, types[name]);
  const outputs = await session.run(feeds);
  return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, toJson(tensor)]));
}

async function main(paths) {
  if (paths.length < 2 || paths.length % 2 !== 0) {
    throw new Error('usage: node run_model.mjs model.onnx (inputs.json | rows.csv | -) ...');
  }
  for (let i = 0; i < paths.length; i += 2) {
    const json = await run(paths[i], paths[i + 1]).catch((error) => {
      throw new Error(`${paths[i]}: ${error.message}`);
    });
    process.stdout.write(`${JSON.stringify(json)}\n`);
  }
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
