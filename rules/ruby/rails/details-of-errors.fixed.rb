Rails.application.configure do
  # ruleid: ruby.rails.details-of-errors
  config.consider_all_requests_local = false
  # ruleid: ruby.rails.details-of-errors
  config.consider_all_requests_local=false
  # ruleid: ruby.rails.details-of-errors
  config.consider_all_requests_local = (false)
  # ok: ruby.rails.details-of-errors
  config.consider_all_requests_local = false
  # ok: ruby.rails.details-of-errors
  config.eager_load = true
  # ok: ruby.rails.details-of-errors
  config.cache_classes = true
end
