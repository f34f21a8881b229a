x {
  # ruleid: hcl-bool-str
  e = true
  # ruleid: hcl-bool-str
  e = "true"
  e = false
}
