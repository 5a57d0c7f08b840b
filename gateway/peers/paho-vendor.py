"""A vendor device played with Eclipse Paho: publishes lines of `topic<TAB>retain<TAB>payload` from stdin."""
import sys

import paho.mqtt.client as mqtt

port = int(sys.argv[1])
client = mqtt.Client(client_id="vendor-paho", protocol=mqtt.MQTTv311)
if len(sys.argv) > 3:
    client.username_pw_set(sys.argv[2], sys.argv[3])
client.connect("127.0.0.1", port)
client.loop_start()
print("ready", flush=True)
for line in sys.stdin:
    topic, retain, payload = line.rstrip("\n").split("\t", 2)
    sent = client.publish(topic, payload, qos=1, retain=retain == "1")
    sent.wait_for_publish()
    print("sent", flush=True)
