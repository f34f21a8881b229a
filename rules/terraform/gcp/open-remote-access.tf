# ruleid: terraform.gcp.open-remote-access
resource "google_compute_firewall" "a" {
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports    = ["22"]
  }
}
# ruleid: terraform.gcp.open-remote-access
resource "google_compute_firewall" "b" {
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports    = ["80", "3389"]
  }
}
# ruleid: terraform.gcp.open-remote-access
resource "google_compute_firewall" "c" {
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "all"
    ports    = []
  }
}
# ok: terraform.gcp.open-remote-access
resource "google_compute_firewall" "d" {
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports    = ["443"]
  }
}
# ok: terraform.gcp.open-remote-access
resource "google_compute_firewall" "e" {
  source_ranges = ["10.0.0.0/8"]
  allow {
    protocol = "tcp"
    ports    = ["22"]
  }
}
# ok: terraform.gcp.open-remote-access
resource "google_compute_firewall" "f" {
  source_ranges = ["192.0.2.0/24"]
  allow {
    protocol = "all"
    ports    = []
  }
}
