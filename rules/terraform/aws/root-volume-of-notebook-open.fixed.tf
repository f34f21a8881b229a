resource "aws_sagemaker_notebook_instance" "bad0" {
  # ruleid: terraform.aws.root-volume-of-notebook-open
  root_access = "Disabled"
}
resource "aws_sagemaker_notebook_instance" "bad1" {
  # ruleid: terraform.aws.root-volume-of-notebook-open
  root_access = "Disabled"
}
resource "aws_sagemaker_notebook_instance" "bad2" {
  # ruleid: terraform.aws.root-volume-of-notebook-open
  root_access = "Disabled"
}
resource "aws_sagemaker_notebook_instance" "good0" {
  # ok: terraform.aws.root-volume-of-notebook-open
  root_access = "Disabled"
}
resource "aws_sagemaker_notebook_instance" "good1" {
  # ok: terraform.aws.root-volume-of-notebook-open
  name = "a"
}
resource "other_thing" "near" {
  # ok: terraform.aws.root-volume-of-notebook-open
  root_access = "Enabled"
}
