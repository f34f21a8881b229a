# ruleid: terraform.aws.instance-metadata-version-missing
resource "aws_instance" "bad0" {
  instance_type = "t3.micro"
}
# ruleid: terraform.aws.instance-metadata-version-missing
resource "aws_launch_template" "bad1" {
  instance_type = "t3.micro"
}
# ruleid: terraform.aws.instance-metadata-version-missing
resource "aws_instance" "bad2" {
  instance_type = "t3.micro"
}
# ok: terraform.aws.instance-metadata-version-missing
resource "aws_instance" "good0" {
  instance_type = "t3.micro"
  metadata_options {
    http_tokens = "required"
  }
}
# ok: terraform.aws.instance-metadata-version-missing
resource "aws_launch_template" "good1" {
  instance_type = "t3.micro"
  metadata_options {
    http_tokens = "required"
  }
}
# ok: terraform.aws.instance-metadata-version-missing
resource "other_thing" "near" {
  instance_type = "t3.micro"
}
