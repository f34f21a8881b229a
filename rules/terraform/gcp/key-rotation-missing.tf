# ruleid: terraform.gcp.key-rotation-missing
resource "google_kms_crypto_key" "bad0" {
  name = "a"
}
# ruleid: terraform.gcp.key-rotation-missing
resource "google_kms_crypto_key" "bad1" {
  name = "a"
}
# ruleid: terraform.gcp.key-rotation-missing
resource "google_kms_crypto_key" "bad2" {
  name = "a"
}
# ok: terraform.gcp.key-rotation-missing
resource "google_kms_crypto_key" "good0" {
  name = "a"
  rotation_period = "7776000s"
}
# ok: terraform.gcp.key-rotation-missing
resource "google_kms_crypto_key" "good1" {
  name = "a"
  rotation_period = "7776000s"
}
# ok: terraform.gcp.key-rotation-missing
resource "other_thing" "near" {
  name = "a"
}
