resource "aws_lb_listener" "bad1" {
  # ruleid: terraform.aws.old-tls
  minimum_protocol_version = "TLSv1"
}
resource "aws_alb_listener" "bad2" {
  # ruleid: terraform.aws.old-tls
  ssl_policy = "ELBSecurityPolicy-2016-08"
}
resource "aws_api_gateway_domain_name" "bad3" {
  # ruleid: terraform.aws.old-tls
  security_policy = "TLS_1_0"
}
resource "aws_elasticsearch_domain" "good4" {
  # ok: terraform.aws.old-tls
  minimum_protocol_version = "TLSv1.2_2021"
}
resource "aws_cloudfront_distribution" "good5" {
  # ok: terraform.aws.old-tls
  ssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"
}
resource "aws_lb_listener" "good6" {
  # ok: terraform.aws.old-tls
  security_policy = "TLS_1_2"
}
resource "other_thing" "near" {
  # ok: terraform.aws.old-tls
  minimum_protocol_version = "TLSv1"
}
