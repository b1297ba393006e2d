// Package raster is grey pictures and what the readers of documents do with them:
// sampling between pixels, straightening a quadrangle, a threshold that follows
// the light, sums over windows in constant time. It decodes no files and reads
// no meaning.
package raster
