# ruleid: terraform.gcp.public-access-prevention-missing
resource "google_storage_bucket" "bad0" {
  name = "a"
}
# ruleid: terraform.gcp.public-access-prevention-missing
resource "google_storage_bucket" "bad1" {
  name = "a"
}
# ruleid: terraform.gcp.public-access-prevention-missing
resource "google_storage_bucket" "bad2" {
  name = "a"
}
# ok: terraform.gcp.public-access-prevention-missing
resource "google_storage_bucket" "good0" {
  name = "a"
  public_access_prevention = "enforced"
}
# ok: terraform.gcp.public-access-prevention-missing
resource "google_storage_bucket" "good1" {
  name = "a"
  public_access_prevention = "enforced"
}
# ok: terraform.gcp.public-access-prevention-missing
resource "other_thing" "near" {
  name = "a"
}
