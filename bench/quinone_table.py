"""Turns the output of the bulk path over the whole example space into the table that bench/value.py replays.

    cargo run --release -p space --example enumerate -- examples/quinones/campaign.toml > quinones.smi
    joulery compute quinones.smi --method gfn2 --properties reduction_energy --output quinones.jsonl
    python3 bench/quinone_table.py quinones.jsonl examples/quinones/gfn2.csv.gz

Columns: smiles, reduction_energy (eV; empty where the calculation failed), core_seconds (all of it: geometries and
GFN2-xTB of both forms; E(H2) was computed once and is not in it), failure (kind).
"""
import csv
import gzip
import io
import json
import sys

source, target = sys.argv[1:]
rows = []
for line in open(source):
    entry = json.loads(line)
    value = entry.get("properties", {}).get("reduction_energy")
    kind = entry["error"]["kind"] if entry["status"] == "failed" else ""
    rows.append([entry["smiles"], "" if value is None else f"{value:.6f}", f"{entry['cost']['core_seconds']:.4f}", kind])
text = io.StringIO()
text.write("# GFN2-xTB reduction energies of the example space, computed once by the bulk path of Joulery 0.1.0\n")
text.write("# (`joulery compute --method gfn2 --properties reduction_energy`, xtb 6.5.1, default settings); own computation, CC0.\n")
writer = csv.writer(text, lineterminator="\n")
writer.writerow(["smiles", "reduction_energy", "core_seconds", "failure"])
writer.writerows(sorted(rows))
# No time stamp in the header, so that the same rows give the same bytes.
with open(target, "wb") as stream, gzip.GzipFile(fileobj=stream, mode="wb", mtime=0, filename="") as packed:
    packed.write(text.getvalue().encode())
done = [r for r in rows if r[1]]
print(f"{len(rows)} rows, {len(rows) - len(done)} failed, {sum(float(r[2]) for r in rows):.0f} core-seconds")
