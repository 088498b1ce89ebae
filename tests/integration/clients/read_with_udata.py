"""Harvest a catalogue twice as udata does (the software of data.gouv.fr), into a database in memory; write what it keeps as JSON.

Run by the environment of udata.txt, not by ours: python read_with_udata.py ADDRESS
"""

import json
import sys
from typing import ClassVar

import mongomock
import udata.settings
from udata.app import create_app


class Settings(udata.settings.Testing):
    """Those of udata's own tests, with French first and a server on loopback allowed."""

    MONGODB_SETTINGS: ClassVar = {
        "host": "mongodb://localhost/udata",
        "mongo_client_class": mongomock.MongoClient,
    }
    DEFAULT_LANGUAGE = "fr"
    HARVESTER_BACKENDS: ClassVar = ["dcat"]
    URLS_ALLOW_LOCAL = True
    URLS_ALLOW_PRIVATE = True
    SECURITY_TWO_FACTOR = False


def harvest(address: str) -> dict:
    """Return both runs, and the datasets and services that are there at the end."""
    from udata.core.dataservices.models import Dataservice
    from udata.core.dataset.models import Dataset, License
    from udata.core.organization.models import Organization
    from udata.harvest.backends import get_backend
    from udata.harvest.models import HarvestSource

    # As data.gouv.fr names them; the last is what udata falls back to.
    open_licence = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
    License(id="lov2", title="Licence Ouverte / Open Licence version 2.0", url=open_licence).save()
    attribution = "https://creativecommons.org/licenses/by/4.0/"
    License(id="cc-by", title="Creative Commons Attribution", url=attribution).save()
    License(id="notspecified", title="License Not Specified").save()
    owner = Organization(name="PTCE", description="PTCE").save()
    source = HarvestSource(name="PTCE", url=address, backend="dcat", organization=owner).save()
    runs = []
    for _ in range(2):
        job = get_backend("dcat")(source, max_items=1000).harvest()
        errors = [error.message for where in (job, *job.items) for error in where.errors]
        runs.append({"status": job.status, "items": len(job.items), "errors": errors})
    return {
        "runs": runs,
        "datasets": [_dataset(each) for each in Dataset.objects],
        "services": [_service(each) for each in Dataservice.objects],
    }


def _dataset(dataset) -> dict:
    coverage, spatial = dataset.temporal_coverage, dataset.spatial
    return {
        "iri": dataset.harvest.remote_id,
        "page": dataset.harvest.remote_url,
        "title": dataset.title,
        "licence": dataset.license and dataset.license.id,
        "frequency": dataset.frequency,
        "modified": dataset.harvest.modified_at,
        "tags": list(dataset.tags),
        "contacts": [each.name for each in dataset.contact_points],
        "years": coverage and [coverage.start.year, coverage.end.year],
        "outline": spatial and spatial.geom and spatial.geom["type"],
        "quality": dataset.quality["score"],
        "lacks": [name for name, good in dataset.quality.items() if good is False],
        "files": [
            {
                "address": each.url,
                "title": each.title,
                "format": each.format,
                "media": each.mime,
                "size": each.filesize,
                "type": each.type,
            }
            for each in dataset.resources
        ],
    }


def _service(service) -> dict:
    return {
        "iri": service.harvest.remote_id,
        "title": service.title,
        "address": service.base_api_url,
        "described": service.machine_documentation_url,
        "datasets": [each.harvest.remote_id for each in service.datasets],
    }


if __name__ == "__main__":
    with create_app(udata.settings.Defaults, override=Settings, init_logging=lambda app: None).app_context():
        json.dump(harvest(sys.argv[1]), sys.stdout, default=str)
