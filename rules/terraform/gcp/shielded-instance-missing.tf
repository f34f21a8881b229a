# ruleid: terraform.gcp.shielded-instance-missing
resource "google_compute_instance" "bad0" {
  name = "a"
}
# ruleid: terraform.gcp.shielded-instance-missing
resource "google_compute_instance" "bad1" {
  name = "a"
}
# ruleid: terraform.gcp.shielded-instance-missing
resource "google_compute_instance" "bad2" {
  name = "a"
}
# ok: terraform.gcp.shielded-instance-missing
resource "google_compute_instance" "good0" {
  name = "a"
  shielded_instance_config {
    enable_secure_boot = true
  }
}
# ok: terraform.gcp.shielded-instance-missing
resource "google_compute_instance" "good1" {
  name = "a"
  shielded_instance_config {
    enable_secure_boot = true
  }
}
# ok: terraform.gcp.shielded-instance-missing
resource "other_thing" "near" {
  name = "a"
}
