"""What a web server runs: ``gunicorn tidu.project.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tidu.project.settings")
application = get_wsgi_application()
