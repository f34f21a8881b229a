resource "aws_codebuild_project" "bad0" {
  # ruleid: terraform.aws.privileged-build
  privileged_mode = false
}
resource "aws_codebuild_project" "bad1" {
  # ruleid: terraform.aws.privileged-build
  privileged_mode = false
}
resource "aws_codebuild_project" "bad2" {
  # ruleid: terraform.aws.privileged-build
  privileged_mode = false
}
resource "aws_codebuild_project" "good0" {
  # ok: terraform.aws.privileged-build
  privileged_mode = false
}
resource "aws_codebuild_project" "good1" {
  # ok: terraform.aws.privileged-build
  image = "a"
}
resource "other_thing" "near" {
  # ok: terraform.aws.privileged-build
  privileged_mode = true
}
