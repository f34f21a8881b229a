resource "aws_lambda_function_url" "bad0" {
  # ruleid: terraform.aws.function-open-to-everyone
  authorization_type = "AWS_IAM"
}
resource "aws_lambda_function_url" "bad1" {
  # ruleid: terraform.aws.function-open-to-everyone
  authorization_type = "AWS_IAM"
}
resource "aws_lambda_function_url" "bad2" {
  # ruleid: terraform.aws.function-open-to-everyone
  authorization_type = "AWS_IAM"
}
resource "aws_lambda_function_url" "good0" {
  # ok: terraform.aws.function-open-to-everyone
  authorization_type = "AWS_IAM"
}
resource "aws_lambda_function_url" "good1" {
  # ok: terraform.aws.function-open-to-everyone
  function_name = "a"
}
resource "other_thing" "near" {
  # ok: terraform.aws.function-open-to-everyone
  authorization_type = "NONE"
}
