resource "aws_launch_template" "bad1" {
  metadata_options {
  # ruleid: terraform.aws.instance-metadata-v1
  http_tokens = "required"
  }
}
resource "aws_launch_configuration" "bad2" {
  metadata_options {
  # ruleid: terraform.aws.instance-metadata-v1
  http_tokens = "required"
  }
}
resource "aws_instance" "bad3" {
  metadata_options {
  # ruleid: terraform.aws.instance-metadata-v1
  http_tokens = "required"
  }
}
resource "aws_launch_template" "good4" {
  metadata_options {
  # ok: terraform.aws.instance-metadata-v1
  http_tokens = "required"
  }
}
resource "aws_launch_configuration" "good5" {
  metadata_options {
  # ok: terraform.aws.instance-metadata-v1
  http_endpoint = "disabled"
  }
}
resource "aws_instance" "good6" {
  metadata_options {
  # ok: terraform.aws.instance-metadata-v1
  http_tokens = "required"
  }
}
resource "other_thing" "near" {
  # ok: terraform.aws.instance-metadata-v1
  http_tokens = "optional"
}
