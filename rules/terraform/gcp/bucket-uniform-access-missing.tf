# ruleid: terraform.gcp.bucket-uniform-access-missing
resource "google_storage_bucket" "bad0" {
  name = "a"
}
# ruleid: terraform.gcp.bucket-uniform-access-missing
resource "google_storage_bucket" "bad1" {
  name = "a"
}
# ruleid: terraform.gcp.bucket-uniform-access-missing
resource "google_storage_bucket" "bad2" {
  name = "a"
}
# ok: terraform.gcp.bucket-uniform-access-missing
resource "google_storage_bucket" "good0" {
  name = "a"
  uniform_bucket_level_access = true
}
# ok: terraform.gcp.bucket-uniform-access-missing
resource "google_storage_bucket" "good1" {
  name = "a"
  uniform_bucket_level_access = true
}
# ok: terraform.gcp.bucket-uniform-access-missing
resource "other_thing" "near" {
  name = "a"
}
