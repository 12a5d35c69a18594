// open_page.mjs URL [JSON]: opens a page in headless Chromium and prints what happened as JSON:
//   requests: addresses asked for, but for those that are their own content; errors: from the console, of scripts, and of the policy;
//   values: of the expressions in the order given.
// Options: width, height, dark, print, timeout (ms), wait (an expression to become true), evaluate
// (expressions), screenshot (a PNG file of the whole page, or with `part` of one element).
// It speaks the DevTools protocol through pipes, so no package is needed.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [url, optionsText] = process.argv.slice(2);
const options = {
  width: 1280, height: 800, dark: false, print: false, timeout: 20000,
  wait: "true", evaluate: [], screenshot: "", part: "",
  ...JSON.parse(optionsText ?? "{}"),
};

const profile = mkdtempSync(join(tmpdir(), "sinapse-browser-"));
// The sandbox needs rights that root in a container has not; the pages are our own.
const browser = spawn(
  process.env.SINAPSE_CHROMIUM ?? "chromium-headless-shell",
  ["--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--hide-scrollbars",
    `--user-data-dir=${profile}`, "--no-first-run", "--disable-background-networking"],
  { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });

let ended = false;
function end(code) {
  if (ended) return;
  ended = true;
  browser.kill("SIGKILL");
  browser.once("exit", () => {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    process.exit(code);
  });
}
browser.on("error", (error) => {
  console.error(`chromium cannot be started: ${error.message}`);
  process.exit(3);
});
setTimeout(() => {
  console.error("the page took too long");
  end(4);
}, options.timeout).unref();

let next = 1;
const answers = new Map();
const requests = [], errors = [];
let loaded;
const whenLoaded = new Promise((resolve) => { loaded = resolve; });

const handlers = {
  "Network.requestWillBeSent": ({ request }) => {
    if (!request.url.startsWith("data:")) requests.push(request.url);
  },
  "Network.loadingFailed": ({ errorText, blockedReason }) =>
    errors.push(`loading: ${errorText} ${blockedReason ?? ""}`),
  "Runtime.consoleAPICalled": ({ type, args }) => {
    if (type === "error" || type === "warning") {
      errors.push(`console: ${args.map((one) => one.value ?? one.description).join(" ")}`);
    }
  },
  "Runtime.exceptionThrown": ({ exceptionDetails }) =>
    errors.push(`script: ${exceptionDetails.text} ${exceptionDetails.exception?.description ?? ""}`),
  "Log.entryAdded": ({ entry }) => {
    if (entry.level === "error" || entry.level === "warning") {
      errors.push(`log: ${entry.text} ${entry.url ?? ""}`);
    }
  },
  "Page.javascriptDialogOpening": ({ message }) => errors.push(`dialog: ${message}`),
  "Page.loadEventFired": () => loaded(),
};

let received = "";
browser.stdio[4].setEncoding("utf8");
browser.stdio[4].on("data", (text) => {
  received += text;
  for (let at = received.indexOf("\0"); at >= 0; at = received.indexOf("\0")) {
    const message = JSON.parse(received.slice(0, at));
    received = received.slice(at + 1);
    if (message.id) answers.get(message.id)(message);
    else handlers[message.method]?.(message.params);
  }
});

let session;
function ask(method, params = {}) {
  const id = next++;
  browser.stdio[3].write(JSON.stringify({ id, method, params, sessionId: session }) + "\0");
  return new Promise((resolve, reject) => answers.set(id, (message) =>
    message.error ? reject(new Error(`${method}: ${message.error.message}`)) : resolve(message.result)));
}

async function value(expression) {
  const { result, exceptionDetails } = await ask("Runtime.evaluate",
    { expression, returnByValue: true, awaitPromise: true });
  if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.exception?.description}`);
  return result.value;
}

async function open() {
  const { targetId } = await ask("Target.createTarget", { url: "about:blank" });
  session = (await ask("Target.attachToTarget", { targetId, flatten: true })).sessionId;
  for (const domain of ["Page", "Network", "Runtime", "Log"]) await ask(`${domain}.enable`);
  await ask("Emulation.setDeviceMetricsOverride",
    { width: options.width, height: options.height, deviceScaleFactor: 1, mobile: false });
  await ask("Emulation.setEmulatedMedia", {
    media: options.print ? "print" : "",
    features: [{ name: "prefers-color-scheme", value: options.dark ? "dark" : "light" }],
  });
  await ask("Page.navigate", { url });
  await whenLoaded;
  while (!(await value(options.wait))) await new Promise((resolve) => setTimeout(resolve, 50));
  const values = [];
  for (const expression of options.evaluate) values.push(await value(expression));
  if (options.screenshot) {
    const clip = options.part
      ? await value(`(() => { const b = document.querySelector(${JSON.stringify(options.part)})` +
        ".getBoundingClientRect(); return { x: b.x + scrollX, y: b.y + scrollY, width: b.width, " +
        "height: b.height, scale: 1 }; })()")
      : undefined;
    const { data } = await ask("Page.captureScreenshot",
      { format: "png", captureBeyondViewport: true, clip });
    writeFileSync(options.screenshot, Buffer.from(data, "base64"));
  }
  console.log(JSON.stringify({ requests, errors, values }));
}

open().then(() => end(0), (error) => {
  console.error(error.message);
  end(5);
});
