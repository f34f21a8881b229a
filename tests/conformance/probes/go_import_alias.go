package p
import m "crypto/md5"
func f() {
  // ruleid: go-import-alias
  m.New()
}
