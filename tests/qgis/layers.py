"""Run by the Python that QGIS is for, not by ours: opens layers of a WFS as a user of QGIS does, and says what it found.

Each line that it reads is a task in JSON, each line that it prints the answer to one. A task:

    url          address of the service
    type_name    `POI:POI`
    version      `auto`, `2.0.0`, `1.1.0`, `1.0.0`
    crs          `EPSG:31370`
    paging       whether the provider asks page by page
    subset       the provider's own filter, an expression of QGIS
    rectangle    [x, y, x, y] in the CRS of the layer: features in it
    expression   features for which an expression holds
    only_box     whether the provider asks for the rectangle alone (the box "only request features overlapping the view extent")
    export       a GeoPackage that the layer is written to
    provider     `WFS` or `OAPIF`, QGIS's own, or `ogr`, GDAL's
    page_size    features that the provider asks for at a time
    rows         whether the answer has the attributes and positions, or only counts
"""

import json
import sys
import time

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateTransformContext,
    QgsDataSourceUri,
    QgsFeatureRequest,
    QgsRectangle,
    QgsVectorFileWriter,
    QgsVectorLayer,
)


def source(task):
    """What the dialogue of QGIS makes of its fields."""
    if task.get("provider") == "ogr":
        return f"WFS:{task['url']}|layername={task['type_name']}"
    uri = QgsDataSourceUri()
    uri.setParam("url", task["url"])
    uri.setParam("typename", task["type_name"])
    uri.setParam("srsname", task.get("crs", "EPSG:31370"))
    if task.get("provider") != "OAPIF":
        uri.setParam("version", task.get("version", "auto"))
    if "page_size" in task:
        uri.setParam("pageSize", str(task["page_size"]))
    if "paging" in task:
        uri.setParam("pagingEnabled", "true" if task["paging"] else "false")
    if task.get("only_box"):
        uri.setParam("restrictToRequestBBOX", "1")
    return uri.uri(False)


def request(task):
    wanted = QgsFeatureRequest()
    if "rectangle" in task:
        wanted.setFilterRect(QgsRectangle(*task["rectangle"]))
    if "expression" in task:
        wanted.setFilterExpression(task["expression"])
    return wanted


def row(feature):
    geometry = feature.geometry()
    position = None if geometry.isNull() else [geometry.asPoint().x(), geometry.asPoint().y()]
    return {name: value if isinstance(value, (str, int)) else None for name, value in feature.attributeMap().items()} | {"": position}


def export(layer, path):
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", "layer"
    code, message = QgsVectorFileWriter.writeAsVectorFormatV3(layer, path, QgsCoordinateTransformContext(), options)[:2]
    return "" if code == QgsVectorFileWriter.NoError else message or f"error {code}"


def answer(task):
    began = time.perf_counter()  # told to `benchmarks.readers`
    layer = QgsVectorLayer(source(task), "layer", task.get("provider", "WFS"))
    if not layer.isValid():
        return {"error": layer.error().message() or "the layer is not valid"}
    if "subset" in task and not layer.setSubsetString(task["subset"]):
        return {"error": "the subset was refused"}
    if "export" in task:
        return {"error": export(layer, task["export"])}
    found, count = [], 0
    for feature in layer.getFeatures(request(task)):
        count += 1
        if task.get("rows", True):
            found.append(row(feature))
    return {
        "qgis": Qgis.versionInt(),
        "crs": layer.crs().authid(),
        "fields": [field.name() for field in layer.fields()],
        "count": layer.featureCount(),
        "features": count,
        "rows": found,
        "seconds": time.perf_counter() - began,
    }


def main():
    application = QgsApplication([], False)
    application.initQgis()
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
    application.exitQgis()


main()
