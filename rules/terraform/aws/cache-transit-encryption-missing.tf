# ruleid: terraform.aws.cache-transit-encryption-missing
resource "aws_elasticache_replication_group" "bad0" {
  engine = "redis"
}
# ruleid: terraform.aws.cache-transit-encryption-missing
resource "aws_elasticache_replication_group" "bad1" {
  engine = "redis"
}
# ruleid: terraform.aws.cache-transit-encryption-missing
resource "aws_elasticache_replication_group" "bad2" {
  engine = "redis"
}
# ok: terraform.aws.cache-transit-encryption-missing
resource "aws_elasticache_replication_group" "good0" {
  engine = "redis"
  transit_encryption_enabled = true
}
# ok: terraform.aws.cache-transit-encryption-missing
resource "aws_elasticache_replication_group" "good1" {
  engine = "redis"
  transit_encryption_enabled = true
}
# ok: terraform.aws.cache-transit-encryption-missing
resource "other_thing" "near" {
  engine = "redis"
}
