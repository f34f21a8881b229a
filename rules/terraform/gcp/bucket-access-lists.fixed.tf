resource "google_storage_bucket" "bad1" {
  # ruleid: terraform.gcp.bucket-access-lists
  uniform_bucket_level_access = true
}
resource "google_storage_bucket" "bad2" {
  # ruleid: terraform.gcp.bucket-access-lists
  public_access_prevention = "inherited"
}
resource "google_storage_bucket" "bad3" {
  # ruleid: terraform.gcp.bucket-access-lists
  uniform_bucket_level_access = true
}
resource "google_storage_bucket" "good4" {
  # ok: terraform.gcp.bucket-access-lists
  uniform_bucket_level_access = true
}
resource "google_storage_bucket" "good5" {
  # ok: terraform.gcp.bucket-access-lists
  public_access_prevention = "enforced"
}
resource "google_storage_bucket" "good6" {
  # ok: terraform.gcp.bucket-access-lists
  uniform_bucket_level_access = true
}
resource "other_thing" "near" {
  # ok: terraform.gcp.bucket-access-lists
  uniform_bucket_level_access = false
}
