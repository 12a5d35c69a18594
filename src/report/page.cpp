#include "report/page.h"

#include <fmt/format.h>

#include "figures/svg.h"
#include "report/html.h"

namespace sinapse {

namespace {

constexpr const char* kStyle = R"css(
:root {
  color-scheme: light dark;
  --page: #ffffff; --text: #1f2328; --muted: #57606a; --line: #d8dee4; --soft: #f6f8fa;
  --accent: #0072b2; --warn: #a24000; --good: #007a59;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --text: #e6edf3; --muted: #9aa4b0; --line: #2a313a; --soft: #161b22;
    --accent: #58a9e6; --warn: #ff8c42; --good: #2fc79a;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 70rem;
  background: var(--page); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", Helvetica, Arial, sans-serif;
}
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 0 0 .75rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
p { margin: .5rem 0; max-width: 46rem; overflow-wrap: anywhere; }
a { color: var(--accent); }
section { border-top: 1px solid var(--line); margin-top: 2.25rem; padding-top: 1.5rem; }
.kind, .note, figcaption, caption { color: var(--muted); }
.kind { margin: 0 0 1.25rem; }
.note, figcaption, caption { font-size: .875rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; list-style: none; margin: 1.25rem 0 0;
  padding: 0; font-size: .9rem; }
.cards { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); }
.card { background: var(--soft); border: 1px solid var(--line); border-radius: .6rem;
  padding: .8rem 1rem; }
.card.main { border-color: var(--accent); grid-column: span 2; }
.card .name { color: var(--muted); font-size: .85rem; }
.card .value { font-size: 1.45rem; font-weight: 600; line-height: 1.3;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.card.main .value { font-size: 2.1rem; }
.card .more { overflow-wrap: anywhere; color: var(--muted); font-size: .85rem; }
.scroll { overflow-x: auto; margin: .75rem 0; }
.scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: max-content; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .35rem; }
th, td { padding: .3rem .9rem .3rem 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line); }
thead th { color: var(--muted); font-weight: 500; white-space: nowrap; vertical-align: bottom; }
tbody th { font-weight: 500; }
td, tbody th { overflow-wrap: break-word; max-width: 22rem; }
th.number, td.number { text-align: right; white-space: nowrap; }
td svg { display: block; }
td .note { display: inline-block; min-width: 14rem; }
.range { color: var(--muted); font-size: .85em; white-space: nowrap; }
.share { display: inline-block; width: 6rem; height: .6rem; margin-right: .5rem; border-radius: 2px;
  background: var(--line); overflow: hidden; vertical-align: baseline; }
.share i { display: block; height: 100%; background: var(--accent); }
.findings { list-style: none; padding: 0; margin: 0; }
.findings li { border-left: 4px solid var(--line); padding: .25rem 0 .25rem .8rem;
  margin: .6rem 0; max-width: 46rem; overflow-wrap: anywhere; }
.findings .warn { border-color: var(--warn); }
.findings .good { border-color: var(--good); }
.figures { display: grid; gap: 1rem; align-items: start;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
figure { margin: .5rem 0; min-width: 0; }
figure > svg { max-width: 100%; height: auto; display: block; }
.pictures { display: grid; gap: .9rem; list-style: none; padding: 0;
  grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); }
.pictures img { width: 100%; image-rendering: pixelated; border: 1px solid var(--line);
  border-radius: .3rem; display: block; background: #000; }
.pictures li { font-size: .85rem; line-height: 1.35; overflow-wrap: anywhere; }
.pictures b { font-weight: 600; }
.pictures .range { white-space: normal; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: .5rem;
  padding: .8rem 1rem; overflow-x: auto; font: .85rem/1.5 ui-monospace, "DejaVu Sans Mono", Menlo,
  Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
code { font: .9em ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  overflow-wrap: anywhere; }
details { margin: .75rem 0; }
summary { cursor: pointer; color: var(--accent); }
button { font: inherit; padding: .45rem 1rem; border-radius: .4rem; cursor: pointer;
  border: 1px solid var(--line); background: var(--soft); color: var(--text); }
button { margin-right: .75rem; }
button:disabled { opacity: .6; cursor: default; }
progress { width: 100%; height: .6rem; accent-color: var(--accent); margin: 0 0 1rem; }
@media (max-width: 30rem) {
  body { padding: 1.25rem .9rem 3rem; }
  .card.main { grid-column: 1 / -1; }
  figure.wide { overflow-x: auto; }
  figure.wide > svg { max-width: none; width: 40rem; }
}
@media print {
  :root { --text: #000; --muted: #444; --line: #ccc; --soft: #fff; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; }
  section { break-inside: auto; }
  figure, tr, .card, .pictures li { break-inside: avoid; }
  .scroll { overflow: visible; }
  table { width: auto; }
}
)css";

std::string policy(const Page& page) {
  const std::string script =
      page.script.empty()
          ? ""
          : fmt::format("; script-src 'nonce-{}'; connect-src 'self'", html_text(page.nonce));
  return "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
         "form-action 'none'" +
         script;
}

}  // namespace

std::string whole_page(const Page& page) {
  const std::string script =
      page.script.empty()
          ? ""
          : fmt::format("<script nonce=\"{}\">\n{}</script>\n", html_text(page.nonce), page.script);
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n<title>{}</title>\n<style>{}{}</style>\n</head>\n"
      "<body>\n{}{}</body>\n</html>\n",
      policy(page), html_text(page.title), ink_style_sheet(), kStyle, page.body, script);
}

}  // namespace sinapse
