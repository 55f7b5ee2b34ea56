"""An enterprise's pages for officers, below ``officer/registry/<pk>/``."""

from tidu.web.enterprise.firm import territory_paths
from tidu.web.enterprise.urls import ROUTES

urlpatterns = territory_paths(ROUTES)
