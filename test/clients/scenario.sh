#!/usr/bin/env bash
# One life of an endpoint through the AWS CLI, as a user of SageMaker would type it.
#
# Environment: AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_DEFAULT_REGION; the library holds
# s3://stowage/target and s3://stowage/draft. Prints what was seen, line by line; exits 1 when anything failed.
set -euo pipefail
export AWS_PAGER='' AWS_MAX_ATTEMPTS=1
name=cli-scenario
components=(cli-inline cli-blockgen cli-flowgpt)
work=$(mktemp -d)
trap 'rm -rf "$work"; kill $(jobs -p) 2>/dev/null || true' EXIT
printf '{"inputs": "A method which gets the cases by priority", "parameters": {"max_new_tokens": 16}}' >"$work/body.json"

create_model() {
  aws sagemaker create-model --model-name "$1" --output text --primary-container \
    "{\"ModelDataUrl\": \"s3://stowage/$2\", \"Environment\": {\"OPTION_PROMPT_TEMPLATE\": \"<|block|>{{ prompt }}<|out|>\", \"OPTION_MAX_ROLLING_BATCH_SIZE\": \"8\"}}" >/dev/null
}
specification() {
  printf '{"ModelName": "%s", "ComputeResourceRequirements": {"NumberOfCpuCoresRequired": 0.25, "MinMemoryRequiredInMb": 256}}' "$1"
}
status() {
  aws sagemaker describe-inference-component --inference-component-name "$1" --output text \
    --query '[InferenceComponentStatus, RuntimeConfig.CurrentCopyCount]'
}
until_is() { # COMPONENT COPIES
  for _ in $(seq 120); do
    seen=$(status "$1")
    [[ $seen == "InService"*"$2" ]] && return
    [[ $seen == Failed* ]] && break
    sleep 0.5
  done
  echo "$1 is $seen" >&2
  exit 1
}
invoke() { # COMPONENT FILE
  aws sagemaker-runtime invoke-endpoint --endpoint-name $name --inference-component-name "$1" \
    --content-type application/json --body "fileb://$work/body.json" "$2" >/dev/null
}

create_model cli-first target
create_model cli-second draft
aws sagemaker create-endpoint-config --endpoint-config-name $name --output text --execution-role-arn arn:aws:iam::000000000000:role/any \
  --production-variants VariantName=AllTraffic,InstanceType=ml.m5.xlarge,InitialInstanceCount=1 >/dev/null
aws sagemaker create-endpoint --endpoint-name $name --endpoint-config-name $name --output text >/dev/null
aws sagemaker wait endpoint-in-service --endpoint-name $name
for component in "${components[@]}"; do
  aws sagemaker create-inference-component --inference-component-name "$component" --endpoint-name $name --output text \
    --variant-name AllTraffic --specification "$(specification cli-first)" --runtime-config CopyCount=1 >/dev/null
done
for component in "${components[@]}"; do
  until_is "$component" 1
  invoke "$component" "$work/answer.json"
  echo "$component answered $(head -c 60 "$work/answer.json")"
done
copies=(--service-namespace sagemaker --resource-id inference-component/cli-inline
  --scalable-dimension sagemaker:inference-component:DesiredCopyCount)
aws application-autoscaling register-scalable-target "${copies[@]}" --min-capacity 1 --max-capacity 2 --output text >/dev/null
aws application-autoscaling put-scheduled-action "${copies[@]}" --scheduled-action-name morning \
  --schedule 'cron(0 7 ? * MON-FRI *)' --timezone Europe/Berlin --scalable-target-action MinCapacity=2
[[ $(aws application-autoscaling describe-scheduled-actions --service-namespace sagemaker --output text \
  --query 'ScheduledActions[].ScheduledActionName') == morning ]]
aws application-autoscaling deregister-scalable-target "${copies[@]}"
aws sagemaker update-inference-component-runtime-config --inference-component-name cli-inline \
  --desired-runtime-config CopyCount=2 --output text >/dev/null
until_is cli-inline 2
(
  while [[ ! -e $work/stop ]]; do
    if invoke cli-inline "$work/load.json"; then echo answered; else echo failed; fi >>"$work/load"
  done
) &
aws sagemaker update-inference-component --inference-component-name cli-inline --specification "$(specification cli-second)" --output text \
  --deployment-config 'RollingUpdatePolicy={MaximumBatchSize={Type=COPY_COUNT,Value=1},WaitIntervalInSeconds=1}' >/dev/null
until_is cli-inline 2
touch "$work/stop"
wait
echo "under the update: $(grep -c answered "$work/load") answered, $(grep -c failed "$work/load" || true) failed"
[[ $(aws sagemaker describe-inference-component --inference-component-name cli-inline --output text --query Specification.ModelName) == cli-second ]]
for component in "${components[@]}"; do
  aws sagemaker delete-inference-component --inference-component-name "$component"
done
for component in "${components[@]}"; do
  for _ in $(seq 120); do status "$component" >/dev/null 2>&1 || break; sleep 0.5; done
done
aws sagemaker delete-endpoint --endpoint-name $name
aws sagemaker wait endpoint-deleted --endpoint-name $name
aws sagemaker delete-endpoint-config --endpoint-config-name $name
aws sagemaker delete-model --model-name cli-first
aws sagemaker delete-model --model-name cli-second
left=$(aws sagemaker list-models --name-contains cli- --output text --query 'length(Models)')
echo "models left: $left"
! grep -q failed "$work/load" && [[ $left == 0 ]]
