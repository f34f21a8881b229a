resource "aws_subnet" "bad0" {
  # ruleid: terraform.aws.public-address-by-default
  map_public_ip_on_launch = false
}
resource "aws_subnet" "bad1" {
  # ruleid: terraform.aws.public-address-by-default
  map_public_ip_on_launch = false
}
resource "aws_subnet" "bad2" {
  # ruleid: terraform.aws.public-address-by-default
  map_public_ip_on_launch = false
}
resource "aws_subnet" "good0" {
  # ok: terraform.aws.public-address-by-default
  map_public_ip_on_launch = false
}
resource "aws_subnet" "good1" {
  # ok: terraform.aws.public-address-by-default
  cidr_block = "10.0.0.0/24"
}
resource "other_thing" "near" {
  # ok: terraform.aws.public-address-by-default
  map_public_ip_on_launch = true
}
