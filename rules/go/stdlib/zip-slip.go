package example

import (
	"archive/tar"
	"archive/zip"
	"path/filepath"
)

func unpack(archive *zip.ReadCloser, other *tar.Reader) {
	for _, entry := range archive.File {
		// ruleid: go.stdlib.zip-slip
		target := filepath.Join("out", entry.Name)
		write(target)
	}
	for _, entry := range archive.File {
		// ruleid: go.stdlib.zip-slip
		write(filepath.Join("out", "a", entry.Name))
	}
	for {
		header, err := other.Next()
		// ruleid: go.stdlib.zip-slip
		write(filepath.Join("out", header.Name))
		check(err)
	}
	for _, entry := range archive.File {
		if !filepath.IsLocal(entry.Name) {
			continue
		}
		// ok: go.stdlib.zip-slip
		write(filepath.Join("out", entry.Name))
	}
	for _, entry := range archive.File {
		// ok: go.stdlib.zip-slip
		write(filepath.Join("out", filepath.Base(entry.Name)))
	}
	for _, entry := range names {
		// ok: go.stdlib.zip-slip
		write(filepath.Join("out", entry.Name))
	}
}
