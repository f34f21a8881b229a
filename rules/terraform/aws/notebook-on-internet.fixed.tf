resource "aws_sagemaker_notebook_instance" "bad0" {
  # ruleid: terraform.aws.notebook-on-internet
  direct_internet_access = "Disabled"
}
resource "aws_sagemaker_notebook_instance" "bad1" {
  # ruleid: terraform.aws.notebook-on-internet
  direct_internet_access = "Disabled"
}
resource "aws_sagemaker_notebook_instance" "bad2" {
  # ruleid: terraform.aws.notebook-on-internet
  direct_internet_access = "Disabled"
}
resource "aws_sagemaker_notebook_instance" "good0" {
  # ok: terraform.aws.notebook-on-internet
  direct_internet_access = "Disabled"
}
resource "aws_sagemaker_notebook_instance" "good1" {
  # ok: terraform.aws.notebook-on-internet
  name = "a"
}
resource "other_thing" "near" {
  # ok: terraform.aws.notebook-on-internet
  direct_internet_access = "Enabled"
}
