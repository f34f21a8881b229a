resource "a" "b" {
  # ruleid: hcl_precedence
  count = var.create && var.log != "s3" ? 1 : 0
  other = var.create && var.loud != "s3"
}
