"""Runs in the Python of QGIS: loads styles and layer definitions as a user would, and tells what it made of them.

Reads a list of tasks as JSON from stdin, writes a list of answers. `{"path": …qml or …sld, "layer": memory layer, "values": rows}` draws
a feature for each row with the style and gives the colour in its middle; `{"path": …qlr}` adds what the definition holds to a project.
"""

import json
import sys

from qgis.core import (
    QgsApplication,
    QgsExpression,
    QgsFeature,
    QgsGeometry,
    QgsLayerDefinition,
    QgsLayerNotesUtils,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

STEP = 40
"""Pixels, and units of the map, between features."""


def filled(definition, values):
    """A memory layer with a feature in the middle of each step."""
    layer = QgsVectorLayer(definition, "test", "memory")
    features = []
    for number, row in enumerate(values):
        feature = QgsFeature(layer.fields())
        feature.setAttributes(row)
        x, y = (number + 0.5) * STEP, STEP / 2
        if layer.geometryType() == 0:
            feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(x, y)))
        else:
            feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(x - 15, y - 15, x + 15, y + 15)))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    layer.updateExtents()
    return layer


def colours(layer, count):
    """The colour in the middle of each step, as `#rrggbb`."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setOutputDpi(96)
    settings.setOutputSize(QSize(count * STEP, STEP))
    settings.setExtent(QgsRectangle(0, 0, count * STEP, STEP))
    settings.setBackgroundColor(QColor(0, 0, 0))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    return [image.pixelColor(int((number + 0.5) * STEP), STEP // 2).name() for number in range(count)]


def shapes(renderer):
    """The shape of each symbol of a layer of points, by the label of its rule."""
    rules = renderer.rootRule().children()
    return {rule.label(): rule.symbol().symbolLayer(0).properties().get("name") for rule in rules}


def passes(renderer):
    """In which pass the symbol of each rule is drawn; nothing when features are drawn as they come."""
    if not renderer.usingSymbolLevels():
        return []
    return [rule.symbol().symbolLayer(0).renderingPass() for rule in renderer.rootRule().children()]


def rules_of(renderer):
    """Label, expression, and whether QGIS can read it, of each rule."""
    return [
        [rule.label(), rule.filterExpression(), not QgsExpression(rule.filterExpression()).hasParserError()]
        for rule in renderer.rootRule().children()
    ]


def styled(task):
    """What a style looks like."""
    layer = filled(task["layer"], task["values"])
    load = layer.loadNamedStyle if task["path"].endswith(".qml") else layer.loadSldStyle
    message, fine = load(task["path"])
    if not fine:
        return {"error": message}
    renderer = layer.renderer()
    return {
        "colours": colours(layer, len(task["values"])),
        "renderer": renderer.type(),
        "rules": rules_of(renderer) if renderer.type() == "RuleRenderer" else [],
        "shapes": shapes(renderer) if renderer.type() == "RuleRenderer" and layer.geometryType() == 0 else {},
        "passes": passes(renderer) if renderer.type() == "RuleRenderer" else [],
        "notes": QgsLayerNotesUtils.layerNotes(layer),
    }


def defined(task):
    """What a layer definition adds."""
    project = QgsProject()
    fine, message = QgsLayerDefinition.loadLayerDefinition(task["path"], project, project.layerTreeRoot())
    layers = list(project.mapLayers().values())
    if not fine or len(layers) != 1 or not layers[0].isValid():
        return {"error": message or "the layer is not valid"}
    layer = layers[0]
    numbers = [feature.attribute("OIDN") for feature in layer.getFeatures()] if layer.fields().indexOf("OIDN") >= 0 else []
    return {
        "name": layer.name(),
        "provider": layer.providerType(),
        "crs": layer.crs().authid(),
        "display": layer.displayExpression(),
        "attribution": layer.attribution(),
        "count": len(list(layer.getFeatures())),
        "ids": [int(number) for number in numbers],
        "rules": rules_of(layer.renderer()),
        "notes": QgsLayerNotesUtils.layerNotes(layer),
        "tree": [node.name() for node in project.layerTreeRoot().findLayers()],
    }


def main():
    application = QgsApplication([], False)
    application.initQgis()
    tasks = json.load(sys.stdin)
    print(json.dumps([defined(task) if task["path"].endswith(".qlr") else styled(task) for task in tasks]))
    sys.stdout.flush()
    application.exitQgis()


main()
