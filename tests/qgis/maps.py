"""Run by the Python that QGIS is for, not by ours: draws a layer of a WMS as a user of QGIS sees it, and asks what is in the middle.

The only argument is a task in JSON: `url`, `layer`, `style`, `crs`, `box` ([x, y, x, y], x first), `format`, `info` (a media type) and
`picture`, the PNG of 100 x 100 pixels that is written. What it prints is the answer in JSON.
"""

import json
import sys

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsPointXY,
    QgsRaster,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QEventLoop, QSize
from qgis.PyQt.QtGui import QColor


def answer(task):
    uri = f"crs={task['crs']}&dpiMode=7&format={task['format']}&layers={task['layer']}&styles={task['style']}&url={task['url']}"
    layer = QgsRasterLayer(uri, "layer", "wms")
    if not layer.isValid():
        return {"error": layer.error().message() or "the layer is not valid"}
    settings, system = QgsMapSettings(), QgsCoordinateReferenceSystem(task["crs"])
    settings.setLayers([layer])
    settings.setDestinationCrs(system)
    settings.setOutputSize(QSize(100, 100))
    settings.setOutputDpi(96)
    settings.setExtent(QgsRectangle(*task["box"]))
    settings.setBackgroundColor(QColor(0, 0, 0, 0))
    job, loop = QgsMapRendererSequentialJob(settings), QEventLoop()
    job.finished.connect(loop.quit)
    job.start()
    loop.exec()
    job.renderedImage().save(task["picture"])
    middle = QgsRectangle(*task["box"]).center()
    kinds = {"text/html": QgsRaster.IdentifyFormatHtml, "text/plain": QgsRaster.IdentifyFormatText}
    kind = kinds.get(task["info"], QgsRaster.IdentifyFormatFeature)
    found = layer.dataProvider().identify(QgsPointXY(middle), kind, QgsRectangle(*task["box"]), 100, 100, 96)
    values = found.results()
    if kind == QgsRaster.IdentifyFormatFeature:
        stores = [store for item in values.values() if isinstance(item, list) for store in item]
        texts = [str(feature.attributes()) for store in stores for feature in store.features()]
    else:
        texts = [str(value) for value in values.values()]
    return {"found": texts, "legend": layer.dataProvider().supportsLegendGraphic()}


def main():
    application = QgsApplication([], False)
    application.initQgis()
    print(json.dumps(answer(json.loads(sys.argv[1]))), flush=True)
    application.exitQgis()


main()
