"""The WSGI entry point: settings in, ``app`` out. For development and small sites, ``ptce-lod serve`` serves by itself."""

from ptce_lod.settings import load
from ptce_lod.web.app import create_app

app = create_app(load())
