#!/usr/bin/env python3
"""Makes definitions.jsonl, which holds what the label files beside this folder speak of.

  make.py FOLDER LABELS...     e.g. make.py ~/crawled ../wild.jsonl ../round-*.jsonl

FOLDER holds one manifest a server, `<slug>.json`: {server: {slug, name}, source, tools}. The slug's first
letter names the public collection that the manifest was taken from. LABELS are label files, one JSON object
a line with `server` and `tool`.

One line a labelled server, sorted by slug. Tools stand in the order of the manifest: the labelled ones with
their definition as captured, every other by its name alone, because names share prefixes and the
classifier learns those from all names of a server.
"""
import json
import pathlib
import re
import sys
import unicodedata

COLLECTIONS = {
    "t": ("https://github.com/TheAgentArk/Toucan", "mcp_servers/", "MIT", "2026-11-25"),
    "m": ("https://github.com/pathintegral-institute/mcpm.sh", "mcp-registry/servers/", "MIT", "2026-11-25"),
    "l": ("https://github.com/icip-cas/LiveMCPBench", "", "Apache-2.0", "2026-11-25"),
}


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def spelled(text):
    """JSON with every character that people do not see as an escape: the same value, safe to print."""
    def escape(found):
        units = found[0].encode("utf-16-be")
        return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))

    hidden = sorted({c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp")})
    return re.sub("|".join(map(re.escape, hidden)), escape, text) if hidden else text


def server(slug, manifest, labelled):
    source, folder, licence, read_on = COLLECTIONS[slug.split("-")[0]]
    tools = [t for t in manifest["tools"] if isinstance(t, dict) and t.get("name")]
    lost = labelled - {t["name"] for t in tools}
    if lost:
        sys.exit(f"{slug} has no {', '.join(sorted(lost))}")
    return {
        "server": {"slug": slug, "name": manifest["server"].get("name", slug)},
        "source": source,
        "entry": folder + manifest.get("source", slug).split("/", 1)[-1],
        "license": licence,
        "read_on": read_on,
        "tools": [t if t["name"] in labelled else {"name": t["name"]} for t in tools],
    }


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    folder, files = pathlib.Path(sys.argv[1]), [pathlib.Path(f) for f in sys.argv[2:]]
    labelled = {}
    for label in (label for file in files for label in lines(file)):
        labelled.setdefault(label["server"], set()).add(label["tool"])
    out = []
    for slug in sorted(labelled):
        manifest = json.loads((folder / f"{slug}.json").read_text(encoding="utf-8"))
        out.append(spelled(json.dumps(server(slug, manifest, labelled[slug]), ensure_ascii=False)))
    path = pathlib.Path(__file__).with_name("definitions.jsonl")
    path.write_text("".join(line + "\n" for line in out), encoding="utf-8", newline="\n")
    print(f"{len(out)} servers, {sum(map(len, labelled.values()))} labelled tools: {path.name}")


if __name__ == "__main__":
    main()
