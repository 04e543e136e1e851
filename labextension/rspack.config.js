// Numbers by order, not by a hash of where the checkout lies: the same sources are the same bytes everywhere.
module.exports = { optimization: { moduleIds: 'natural', chunkIds: 'natural' } };
