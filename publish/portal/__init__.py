"""The portal: pages in Dutch (`?lang=en` for information), and the download files."""

from publish.portal.addresses import Address
from publish.portal.routes import routes

__all__ = ["Address", "routes"]
