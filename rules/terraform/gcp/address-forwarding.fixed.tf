resource "google_compute_instance" "bad0" {
  # ruleid: terraform.gcp.address-forwarding
  can_ip_forward = false
}
resource "google_compute_instance_template" "bad1" {
  # ruleid: terraform.gcp.address-forwarding
  can_ip_forward = false
}
resource "google_compute_instance" "bad2" {
  # ruleid: terraform.gcp.address-forwarding
  can_ip_forward = false
}
resource "google_compute_instance" "good0" {
  # ok: terraform.gcp.address-forwarding
  can_ip_forward = false
}
resource "google_compute_instance_template" "good1" {
  # ok: terraform.gcp.address-forwarding
  name = "a"
}
resource "other_thing" "near" {
  # ok: terraform.gcp.address-forwarding
  can_ip_forward = true
}
