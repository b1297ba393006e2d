// The bundler of web/: esbuild as a library, in a module of its own so that
// building Glencheck never downloads it. The bundle itself is committed.
module github.com/glencheck-dev/glencheck/tools/bundle

go 1.26.8

require github.com/evanw/esbuild v0.28.2

require golang.org/x/sys v0.0.0-20220715151400-c0bba94af5f8 // indirect
