"""The portal: pages in Dutch (`?lang=en` for information), the map, and the download files."""

from publish.portal.addresses import Address, BaseMap, MapServices
from publish.portal.routes import routes

__all__ = ["Address", "BaseMap", "MapServices", "routes"]
