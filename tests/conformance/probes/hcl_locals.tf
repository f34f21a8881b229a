locals {
  zone = "eu-west-1"
}

variable "named" {
  default = "eu-west-1"
}

resource "a" "b" {
  # ruleid: hcl_locals
  region = local.zone
}

resource "a" "c" {
  # ruleid: hcl_locals
  region = "${var.named}"
}

resource "a" "d" {
  region = var.other
}
