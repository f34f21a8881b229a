# ruleid: terraform.aws.search-encryption-missing
resource "aws_elasticsearch_domain" "bad0" {
  domain_name = "a"
}
# ruleid: terraform.aws.search-encryption-missing
resource "aws_opensearch_domain" "bad1" {
  domain_name = "a"
}
# ruleid: terraform.aws.search-encryption-missing
resource "aws_elasticsearch_domain" "bad2" {
  domain_name = "a"
}
# ok: terraform.aws.search-encryption-missing
resource "aws_elasticsearch_domain" "good0" {
  domain_name = "a"
  encrypt_at_rest {
    enabled = true
  }
}
# ok: terraform.aws.search-encryption-missing
resource "aws_opensearch_domain" "good1" {
  domain_name = "a"
  encrypt_at_rest {
    enabled = true
  }
}
# ok: terraform.aws.search-encryption-missing
resource "other_thing" "near" {
  domain_name = "a"
}
