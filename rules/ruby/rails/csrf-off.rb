class FirstController < ApplicationController
  # ruleid: ruby.rails.csrf-off
  skip_before_action :verify_authenticity_token
end

class SecondController < ApplicationController
  # ruleid: ruby.rails.csrf-off
  skip_before_action :verify_authenticity_token, only: [:create]
end

class ThirdController < ApplicationController
  # ruleid: ruby.rails.csrf-off
  protect_from_forgery with: :null_session
end

class SoundController < ApplicationController
  # ok: ruby.rails.csrf-off
  protect_from_forgery with: :exception
  # ok: ruby.rails.csrf-off
  skip_before_action :load_user
  # ok: ruby.rails.csrf-off
  before_action :verify_authenticity_token
end
