package sample

func one(in io.Reader, out io.Writer) {
    reader, err := gzip.NewReader(in)
    // ruleid: go.stdlib.unlimited-decompression
    io.Copy(out, reader)
}
func two(in io.Reader) {
    reader, err := zlib.NewReader(in)
    // ruleid: go.stdlib.unlimited-decompression
    data, err := io.ReadAll(reader)
}
func three(in io.Reader, out io.Writer) {
    reader := flate.NewReader(in)
    // ruleid: go.stdlib.unlimited-decompression
    io.Copy(out, reader)
}
func four(in io.Reader, out io.Writer) {
    reader, err := gzip.NewReader(in)
    // ok: go.stdlib.unlimited-decompression
    io.CopyN(out, reader, 1000)
    // ok: go.stdlib.unlimited-decompression
    io.Copy(out, io.LimitReader(reader, 1000))
    // ok: go.stdlib.unlimited-decompression
    io.Copy(out, in)
}
