"""An enterprise's pages for officers, below ``officer/registry/<pk>/``."""

from tidu.web.enterprise import ties
from tidu.web.enterprise.firm import territory_paths
from tidu.web.enterprise.urls import ROUTES

urlpatterns = territory_paths(
    [*ROUTES, ("ties/<int:tie>/settle/", ties.settle, "tie_settle")]
)
