resource "google_compute_instance" "bad0" {
  # ruleid: terraform.gcp.serial-port-open
  serial-port-enable = false
}
resource "google_compute_project_metadata" "bad1" {
  # ruleid: terraform.gcp.serial-port-open
  serial-port-enable = false
}
resource "google_compute_instance" "bad2" {
  # ruleid: terraform.gcp.serial-port-open
  serial-port-enable = false
}
resource "google_compute_instance" "good0" {
  # ok: terraform.gcp.serial-port-open
  serial-port-enable = false
}
resource "google_compute_project_metadata" "good1" {
  # ok: terraform.gcp.serial-port-open
  name = "a"
}
resource "other_thing" "near" {
  # ok: terraform.gcp.serial-port-open
  serial-port-enable = true
}
