frame(async (documents) => {
  for (const doc of Object.values(documents)) {
    for (const root of doc.roots) {
      const id = root.id ?? root;
      const place = document.body.appendChild(document.createElement("div"));
      place.id = `root-${id}`;
      await Bokeh.embed.embed_item({ doc, root_id: id, version: doc.version }, place.id);
    }
  }
});
