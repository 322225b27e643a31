from django.urls import path
from django.views.i18n import set_language

from ambit.design.routes import everyone

urlpatterns = [path("", everyone(set_language), name="set_language")]
