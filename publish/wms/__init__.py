"""WMS: keywords become requests, these are bound to layers, styles and rows of the release, and the rows drawn or described.

::

    kvp ─► keywords ─► requests ─► binding (offer · frame · filters) ─┬─► get_map ─► sheets ─┬─► stamps (sprites · palette) ─┬─► images
                                                                      │                      └─► areas (outlines) ───────────┘
                                                                      ├─► get_feature_info ─► found ─► info_text · info_data
                                                                      ├─► legend (lettering)
                                                                      └─► capabilities (capabilities_layers · extent · markup)

- `endpoint` is the HTTP side, `service` the way of one request, `versions` says which words it is answered in.
- What layers, styles and colours there are is declared in `exports.symbology` alone.

Errors, each a service exception of the version that was asked (`reports`), in XML or in a picture::

    WmsError
    ├── MissingParameter          400 MissingParameterValue
    ├── InvalidParameter          400 InvalidParameterValue
    ├── InvalidFormat             400
    ├── InvalidCrs, InvalidSrs    400
    ├── LayerNotDefined           400
    ├── StyleNotDefined           400
    ├── InvalidPoint              400
    ├── OperationNotSupported     400
    ├── Unavailable               503, with Retry-After
    └── Failure                   500, without internals
"""

from publish.wms.endpoint import routes
from publish.wms.offer import WmsSettings

__all__ = ["WmsSettings", "routes"]
