resource "aws_api_gateway_method" "bad0" {
  # ruleid: terraform.aws.api-without-authorization
  authorization = "NONE"
}
resource "aws_api_gateway_method" "bad1" {
  # ruleid: terraform.aws.api-without-authorization
  authorization = "NONE"
}
resource "aws_api_gateway_method" "bad2" {
  # ruleid: terraform.aws.api-without-authorization
  authorization = "NONE"
}
resource "aws_api_gateway_method" "good0" {
  # ok: terraform.aws.api-without-authorization
  authorization = "AWS_IAM"
}
resource "aws_api_gateway_method" "good1" {
  # ok: terraform.aws.api-without-authorization
  http_method = "GET"
}
resource "other_thing" "near" {
  # ok: terraform.aws.api-without-authorization
  authorization = "NONE"
}
