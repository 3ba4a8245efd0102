#!/usr/bin/env bash
# Writes what the product is made of as CycloneDX 1.6: sbom.sh FOLDER
set -euo pipefail
folder=$1 tool=build/sbom
python3 -m venv "$tool"
"$tool/bin/pip" install -q --disable-pip-version-check --upgrade cyclonedx-bom
"$tool/bin/cyclonedx-py" requirements requirements/demo.lock \
    --spec-version 1.6 --output-reproducible --output-file "$folder/sbom-python.json"
npm sbom --sbom-format=cyclonedx --package-lock-only --omit=dev >"$folder/sbom-pages.json"
echo "$folder/sbom-python.json $folder/sbom-pages.json"
