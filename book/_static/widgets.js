// Tell RequireJS where the book keeps anywidget, so that no page asks another host for it.
requirejs.config({
  paths: { anywidget: new URL("vendor/anywidget/index", document.currentScript.src).href },
});
